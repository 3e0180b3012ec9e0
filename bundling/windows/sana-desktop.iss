; The installer for Windows: iscc /DVersion=0.1.0 bundling\windows\sana-desktop.iss   (Inno Setup 6.3 or newer)
; after `python -m bundling.make` there. For one person, without administrator rights; two versions can stand side by
; side. Written after Inno Setup's manual; not run yet.
#ifndef Version
  #error Name the version: iscc /DVersion=0.1.0
#endif

[Setup]
AppId=SanaDesktop-{#Version}
AppName=Sana Desktop
AppVersion={#Version}
AppVerName=Sana Desktop {#Version}
AppPublisher=The Sana Desktop authors
DefaultDirName={autopf}\Sana Desktop {#Version}
DefaultGroupName=Sana Desktop
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
InfoAfterFile=..\..\dist\sana-desktop\licences\NOTICE.txt
OutputDir=..\..\dist
OutputBaseFilename=sana-desktop-{#Version}-windows-x86_64
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
UninstallDisplayIcon={app}\Sana Desktop.exe

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Files]
Source: "..\..\dist\sana-desktop\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\Sana Desktop {#Version}"; Filename: "{app}\Sana Desktop.exe"
Name: "{autodesktop}\Sana Desktop {#Version}"; Filename: "{app}\Sana Desktop.exe"; Tasks: desktopicon

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Registry]
; Offered under “Open with” for pictures; takes nothing from the program that opens them now.
Root: HKA; Subkey: "Software\Classes\Applications\Sana Desktop.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Sana Desktop"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\Sana Desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Sana Desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".jpg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Sana Desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".webp"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Sana Desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".avif"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\Sana Desktop.exe\shell\open\command"; ValueType: string; ValueData: """{app}\Sana Desktop.exe"" gui ""%1"""

[Run]
Filename: "{app}\Sana Desktop.exe"; Description: "{cm:LaunchProgram,Sana Desktop}"; Flags: nowait postinstall skipifsilent
