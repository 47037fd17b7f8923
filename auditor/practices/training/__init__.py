"""How training and inference are profiled, scaled and sped up."""
