/**
 * One violation per wall: file name to source text. scripts/walls.mjs lays each into a copy of the house and expects exactly that rule to
 * speak. `type` imports are used on purpose in some of them: they vanish at run time and must be seen all the same.
 */
const module = (name, file) => `packages/server/src/modules/${name}/${file}`

export const plants = {
  'no-circular': {
    'packages/contract/src/chicken.ts': `import { egg } from './egg.ts'\nexport const chicken = () => egg\n`,
    'packages/contract/src/egg.ts': `import { chicken } from './chicken.ts'\nexport const egg = () => chicken\n`,
  },
  resolvable: { 'packages/contract/src/lost.ts': `export * from './nowhere.ts'\n` },
  'contract-alone': {
    'packages/contract/src/nosy.ts': `import type { T } from '../../server/src/platform/thing.ts'\nexport type U = T\n`,
    'packages/server/src/platform/thing.ts': 'export type T = number\n',
  },
  'contract-zod-only': {
    'packages/contract/src/heavy.ts': `import type { FastifyInstance } from 'fastify'\nexport type F = FastifyInstance\n`,
  },
  'verify-alone': { 'packages/verify/src/helped.ts': `import { z } from 'zod'\nexport const any = z\n` },
  'web-contract-only': {
    'packages/web/src/app/sneaky.tsx': `import type { T } from '../../../server/src/platform/thing.ts'\nexport type U = T\n`,
    'packages/server/src/platform/thing.ts': 'export type T = number\n',
  },
  'server-no-web': {
    'packages/server/src/app/looking.ts': `import { page } from '../../../web/src/app/page.ts'\nexport const p = page\n`,
    'packages/web/src/app/page.ts': 'export const page = 1\n',
  },
  'platform-knows-no-module': {
    'packages/server/src/platform/nosy.ts': `import type { P } from '../modules/plan/index.ts'\nexport type Q = P\n`,
    [module('plan', 'index.ts')]: 'export type P = number\n',
  },
  'modules-below-app': {
    [module('plan', 'plan.service.ts')]: `import { main } from '../../app/main.ts'\nexport const m = main\n`,
    'packages/server/src/app/main.ts': 'export const main = 1\n',
  },
  'module-face': {
    [module('request', 'request.service.ts')]: `import { find } from '../plan/plan.service.ts'\nexport const f = find\n`,
    [module('plan', 'plan.service.ts')]: 'export const find = 1\n',
  },
  'domain-pure': {
    [module('request', 'request.domain.ts')]: `import { now } from '../../platform/ctx.ts'\nexport const later = now + 1\n`,
    'packages/server/src/platform/ctx.ts': 'export const now = 1\n',
  },
  'store-below-service': {
    [module('request', 'request.store.ts')]: `import { go } from './request.service.ts'\nexport const g = go\n`,
    [module('request', 'request.service.ts')]: 'export const go = 1\n',
  },
  'service-below-routes': {
    [module('request', 'request.service.ts')]: `import { r } from './request.routes.ts'\nexport const q = r\n`,
    [module('request', 'request.routes.ts')]: 'export const r = 1\n',
  },
  'routes-no-store': {
    [module('request', 'request.routes.ts')]: `import { s } from './request.store.ts'\nexport const q = s\n`,
    [module('request', 'request.store.ts')]: 'export const s = 1\n',
  },
  'sql-in-stores': { [module('request', 'request.service.ts')]: `import type { Kysely } from 'kysely'\nexport type K = Kysely<object>\n` },
  'tests-stay-tests': {
    [module('request', 'request.service.ts')]: `import { h } from '../../../test/harness.ts'\nexport const q = h\n`,
    'packages/server/test/harness.ts': 'export const h = 1\n',
  },
  'web-module-face': {
    'packages/web/src/modules/request/Page.tsx': `import { Part } from '../plan/Part.tsx'\nexport const Page = Part\n`,
    'packages/web/src/modules/plan/Part.tsx': 'export const Part = 1\n',
  },
  'web-shared-below': {
    'packages/web/src/shared/up.ts': `import { P } from '../modules/plan/index.ts'\nexport const Q = P\n`,
    'packages/web/src/modules/plan/index.ts': 'export const P = 1\n',
  },
  'web-modules-below-app': {
    'packages/web/src/modules/plan/up.ts': `import { router } from '../../app/router.tsx'\nexport const Q = router\n`,
    'packages/web/src/app/router.tsx': 'export const router = 1\n',
  },
  'journeys-contract-only': {
    'e2e/cheat.ts': `import { T } from '../packages/server/src/platform/thing.ts'\nexport const U = T\n`,
    'packages/server/src/platform/thing.ts': 'export const T = 1\n',
  },
  'measurements-by-faces': {
    'bench/deep.ts': `import { s } from '../packages/server/src/modules/request/request.store.ts'\nexport const q = s\n`,
    [module('request', 'request.store.ts')]: 'export const s = 1\n',
  },
  'scripts-alone': { 'scripts/up.mjs': `import { parse } from 'yaml'\nexport const p = parse\n` },
}

/** The order of modules: each one importing the first module that is not below it. */
export const orderPlants = (groups) =>
  Object.fromEntries(
    groups.flatMap((group, level) =>
      group.flatMap((name) => {
        const other = groups
          .slice(level)
          .flat()
          .find((candidate) => candidate !== name)
        if (other === undefined) return []
        const files = {
          [module(name, `${name}.service.ts`)]: `import type { X } from '../${other}/index.ts'\nexport type Y = X\n`,
          [module(other, 'index.ts')]: 'export type X = number\n',
        }
        return [[`module-order-${name}`, files]]
      }),
    ),
  )
