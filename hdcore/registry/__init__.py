"""IODs, hook specifications and the plugins that implement them."""
