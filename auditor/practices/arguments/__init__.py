"""Which values the arguments of calls and the options of commands take."""
