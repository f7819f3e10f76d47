"""Questions answered along every route that may answer them."""
