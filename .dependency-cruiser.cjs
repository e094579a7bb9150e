/**
 * The walls of the house: who may import whom. Every rule has a planted violation in scripts/walls-plants.mjs that must be caught on each
 * run, so a rule that has gone blind is noticed at once.
 *
 * Modules import downwards only. One inner list is a group; modules of one group do not import each other.
 */
const moduleGroups = [
  ['identity', 'calendar', 'plan'],
  ['notification', 'search'],
  ['process'],
  ['upkeep'],
  ['inventory'],
  ['cloud', 'telemetry', 'log'],
  ['alarm', 'duty'],
  ['health'],
  ['availability'],
  ['incident', 'desk'],
  ['admission'],
  ['request'],
  ['provisioning'],
  ['change'],
  ['reclaim'],
  ['migration'],
  ['problem', 'knowledge', 'emergency', 'servicerequest', 'inspection', 'security', 'patch'],
  ['lifecycle'],
  ['assessment', 'meeting', 'document', 'report', 'training'],
  ['compliance'],
  ['assurance'],
]

const server = '^packages/server/src'
const modules = `${server}/modules`
const tests = '\\.test\\.tsx?$|\\.fixture\\.ts$|^packages/server/test/|^packages/server/src/modules/[^/]+/test/'

/** A module may not import its own group or any above it. */
const downwards = moduleGroups.flatMap((group, level) =>
  group.map((name) => ({
    name: `module-order-${name}`,
    comment: `${name} may only import modules below it; upwards publish an event and add a line to app/subscriptions.ts`,
    severity: 'error',
    from: { path: `${modules}/${name}/`, pathNot: tests },
    to: {
      path: `${modules}/(${
        moduleGroups
          .slice(level)
          .flat()
          .filter((other) => other !== name)
          .join('|') || '-'
      })/`,
    },
  })),
)

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  moduleGroups,
  forbidden: [
    rule('no-circular', 'an import cycle has no reading order', {}, { circular: true }),
    rule('resolvable', 'an import must lead somewhere', {}, { couldNotResolve: true, pathNot: '^virtual:' }),
    rule(
      'contract-alone',
      'the contract is what is said over the wire: it knows neither side',
      { path: '^packages/contract/src/' },
      { path: '^packages/(server|web|verify)/' },
    ),
    rule(
      'contract-zod-only',
      'the contract is zod and nothing else',
      { path: '^packages/contract/src/', pathNot: tests },
      { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    ),
    rule(
      'verify-alone',
      'a third party reads verify on its own: it imports nothing of ours and no package',
      { path: '^packages/verify/src/', pathNot: tests },
      { path: '^packages/(server|web|contract)/|node_modules/' },
    ),
    rule(
      'web-contract-only',
      'the web meets the server in the contract; the verifier runs in the browser too',
      { path: '^packages/web/' },
      { path: '^packages/server/' },
    ),
    rule('server-no-web', 'the server does not know the web', { path: server }, { path: '^packages/web/' }),
    rule(
      'platform-knows-no-module',
      'platform is below every module',
      { path: `${server}/platform/`, pathNot: tests },
      { path: `${server}/(modules|app)/` },
    ),
    rule('modules-below-app', 'only app composes', { path: `${modules}/`, pathNot: tests }, { path: `${server}/app/` }),
    rule(
      'module-face',
      'a module is entered by its index.ts only',
      { path: `${modules}/([^/]+)/`, pathNot: tests },
      { path: `${modules}/[^/]+/`, pathNot: `${modules}/($1/|[^/]+/index\\.ts$)` },
    ),
    ...downwards,
    rule(
      'domain-pure',
      'a domain file runs its own domain, the contract, verify and pure packages: no service, store, platform or Node API but hashing; types it may name',
      { path: `${modules}/[^/]+/(.*\\.domain\\.ts$|domain/)`, pathNot: tests },
      {
        path: `${server}/|^(node:)?(fs|net|http|https|child_process|os|path|stream|worker_threads)(/|$)|node_modules/(kysely|pg|pg-boss|fastify|pino)/`,
        pathNot: '\\.domain\\.ts$|/domain/|/platform/fail\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'store-below-service',
      'a store is SQL: it calls no service and no route',
      { path: `${modules}/.*\\.store\\.ts$` },
      { path: `${modules}/.*\\.(service|routes|process)\\.ts$` },
    ),
    rule(
      'service-below-routes',
      'a service does not know how it is reached',
      { path: `${modules}/.*\\.service\\.ts$` },
      { path: '\\.routes\\.ts$' },
    ),
    rule('routes-no-store', 'a route calls a service, never SQL', { path: `${modules}/.*\\.routes\\.ts$` }, { path: '\\.store\\.ts$' }),
    rule(
      'sql-in-stores',
      'in a module only *.store.ts imports kysely',
      { path: `${modules}/`, pathNot: `\\.store\\.ts$|${tests}` },
      { path: 'node_modules/(kysely|pg)/' },
    ),
    rule(
      'tests-stay-tests',
      'production code imports no test helper',
      { path: `${server}/|^packages/web/src/`, pathNot: tests },
      { path: tests },
    ),
    rule(
      'web-module-face',
      'a web module is entered by its index.ts or its routes',
      { path: '^packages/web/src/modules/([^/]+)/' },
      { path: '^packages/web/src/modules/[^/]+/', pathNot: '^packages/web/src/modules/($1/|[^/]+/index\\.tsx?$)' },
    ),
    rule(
      'web-shared-below',
      'shared is below the modules and the app',
      { path: '^packages/web/src/shared/' },
      { path: '^packages/web/src/(modules|app)/' },
    ),
    rule(
      'web-modules-below-app',
      'only app composes',
      { path: '^packages/web/src/modules/' },
      { path: '^packages/web/src/app/', pathNot: '/app/i18n/' },
    ),
    rule(
      'journeys-contract-only',
      'a journey uses the product from outside',
      { path: '^e2e/' },
      { path: '^packages/', pathNot: '^packages/(contract/|server/test/sample-)' },
    ),
    rule(
      'measurements-by-faces',
      'a measurement enters a module by its index.ts, or by offline.ts where it runs without a database, like everybody',
      { path: '^bench/' },
      { path: `${modules}/`, pathNot: '/(index|offline)\\.ts$' },
    ),
    rule(
      'scripts-alone',
      'scripts start before anything is installed',
      { path: '^scripts/(up\\.mjs$|bootstrap/)' },
      { path: '^packages/|node_modules/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/web/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.d.ts', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
}
