"""Asking git by plumbing, and finding a repository with GitPython."""
