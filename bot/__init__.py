"""Questions in, cited answers out: the assistant and its surfaces. Asynchronous at the edge."""
