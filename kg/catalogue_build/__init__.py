"""Makes data/catalogue again from packages of exact versions (`kg catalogue build`); nothing of it runs when articles are read."""
