"""The files and git objects of one repository at one moment; the only room that reads the audited tree."""
