"""What NDW has not published, and what is taken for true meanwhile: a file for each interface."""
