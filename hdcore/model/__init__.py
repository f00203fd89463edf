"""What a dataset is: attributes, items, instances, header, references."""
