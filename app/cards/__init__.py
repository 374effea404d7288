"""Cards that sites print, and the phantom shots by which their cameras are watched."""
