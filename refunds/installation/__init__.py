"""Is this installation right? Each check proves one thing and says what to do where it fails."""
