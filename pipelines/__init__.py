"""What is learned from a page: plain functions on plain data, and the stages around them."""
