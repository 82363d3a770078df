"""What people read: words and pages made from logs and tables."""
