"""The real service under load while things break around it, and the proof afterwards that nothing was lost."""
