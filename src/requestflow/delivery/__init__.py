"""Ways by which a digest reaches somebody: mail, robots of groups, a folder, the screen."""
