"""Partners and products: their codes and names, and when a partner's code began and ended."""
