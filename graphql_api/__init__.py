"""The GraphQL server over the published marts."""
