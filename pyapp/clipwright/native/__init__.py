"""This machine: ffmpeg as a subprocess, PyAV to look, files by path."""
