// PostGraphile 5 with pg-aggregates over the reference marts, configured for speed: no GraphiQL, no
// watching, no explaining. Run by bench/asking/postgraphile.py, from the folder with the packages.
//
// With USE_RLS=1 every request runs in a transaction as the API's role, with the settings that
// row-level security reads; they come from headers, so that nothing is spent on looking keys up.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));

const { postgraphile } = await load("postgraphile");
const { PostGraphileAmberPreset } = await load("postgraphile/presets/amber");
const { makePgService } = await load("postgraphile/adaptors/pg");
const { grafserv } = await load("postgraphile/grafserv/node");
const { PgAggregatesPreset } = await load("@graphile/pg-aggregates");
const { PostGraphileConnectionFilterPreset } = await load("postgraphile-plugin-connection-filter");

const usesRls = process.env.USE_RLS === "1";

const settingsOf = (headers) => ({
  role: "usage_warehouse_api",
  "usage_warehouse.scope": headers["x-scope"],
  "usage_warehouse.source_system": "kaapi",
  "usage_warehouse.organization_id": headers["x-organization"] ?? "",
});

const preset = {
  extends: [PostGraphileAmberPreset, PgAggregatesPreset, PostGraphileConnectionFilterPreset],
  pgServices: [
    makePgService({
      schemas: ["usage"],
      poolConfig: {
        host: process.env.PGHOST,
        port: Number(process.env.PGPORT),
        user: process.env.PGUSER,
        database: process.env.PGDATABASE,
        max: 8,
      },
    }),
  ],
  grafserv: { graphiql: false, watch: false, maxRequestLength: 100_000 },
  grafast: {
    explain: false,
    context: (requestContext) =>
      usesRls ? { pgSettings: settingsOf(requestContext.node.req.headers) } : {},
  },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
