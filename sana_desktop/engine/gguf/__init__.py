"""Reading a Gemma 3 from the GGUF file format of llama.cpp, once, to keep it in the layout of transformers."""
