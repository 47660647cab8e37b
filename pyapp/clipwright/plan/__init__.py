"""Planning: what the file is + what the person wants + what this machine can do -> a Plan. All pure."""
