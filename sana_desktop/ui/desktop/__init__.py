"""The desktop around the window: other starts, messages, reports, the taskbar."""
