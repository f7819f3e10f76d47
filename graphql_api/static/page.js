// Headers are not persisted: an API key has no place in the browser's storage.
const welcome = `# Put your key into the Headers tab below:
#   {"Authorization": "Bearer uw_..."}

{
  monthlyUsage(
    groupBy: [MONTH, PROVIDER]
    orderBy: [{ field: MONTH, direction: DESC }]
    first: 10
  ) {
    totalCount
    nodes {
      month
      provider
      requests
      totalTokens
      costUsd
    }
    totals {
      requests
      costUsd
    }
    freshness {
      publishedAt
    }
  }
}
`;

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    // Subscriptions take the Headers tab as parameters of their connection.
    fetcher: GraphiQL.createFetcher({
      url: "/graphql",
      subscriptionUrl: `${location.origin.replace(/^http/, "ws")}/graphql`,
    }),
    defaultQuery: welcome,
    defaultHeaders: '{"Authorization": "Bearer "}',
    defaultEditorToolsVisibility: "headers",
    shouldPersistHeaders: false,
  }),
);
