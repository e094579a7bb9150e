import { z } from 'zod'
import { type AnyOf, can, canAny, day, endpoint, page, pageInput, text } from './endpoint.ts'
import { Component, ComponentChange, ComponentInput, ComponentKind } from './inventory.graph.ts'
import {
  Flavor,
  FlavorInput,
  flavorFields,
  HardwareModel,
  HardwareModelInput,
  hardwareFields,
  Image,
  ImageInput,
  imageFields,
  Pool,
  PoolChange,
  PoolInput,
  Rack,
  RackChange,
  RackInput,
} from './inventory.house.ts'
import { Env, inventoryProblems, NetworkKind, ServerKind, VolumeKind } from './inventory.kinds.ts'
import {
  Application,
  ApplicationChange,
  ApplicationInput,
  Network,
  NetworkChange,
  NetworkInput,
  Server,
  ServerChange,
  ServerInput,
  Volume,
  VolumeChange,
  VolumeInput,
} from './inventory.world.ts'
import { commonProblems } from './problem.ts'

export const anyRead = canAny(['cmdb.read', 'R'], ['cmdb.read', 'r'])
const appRead = canAny(['application.read', 'R'], ['application.read', 'r'])
export const write = can('cmdb.write', 'U')
export const ofItem = z.object({ id: z.uuid() })
/** `-name` sorts descending. */
const sort = z
  .string()
  .regex(/^-?[a-zA-Z]{1,40}$/)
  .optional()
const list = pageInput.extend({ q: text(100).optional(), sort, retired: z.stringbool().default(false) })
const ofOwner = { tenantId: z.uuid().optional(), applicationId: z.uuid().optional() }
const stateFilter = { state: z.string().max(200).optional(), env: Env.optional(), zone: text(60).optional() }
const change = <T extends z.ZodType>(fields: T) => z.object({ id: z.uuid(), rev: z.int(), change: fields })
const retireInput = z.object({ id: z.uuid(), rev: z.int(), reason: text(500, 1) })

/** The five things that can be said about a kind of item. */
const item5 = <T extends z.ZodType, F extends z.ZodType, I extends z.ZodType, C extends z.ZodType>(o: {
  path: string
  zh: string
  read: AnyOf
  create: AnyOf
  update: AnyOf
  Item: T
  filter: F
  Input: I
  Change: C
}) => ({
  list: endpoint({ method: 'GET', path: o.path, summary: `${o.zh}清单`, access: o.read, input: o.filter, reply: page(o.Item) }),
  get: endpoint({
    method: 'GET',
    path: `${o.path}/:id`,
    summary: o.zh,
    access: o.read,
    input: ofItem,
    reply: o.Item,
    problems: [commonProblems.notFound],
  }),
  create: endpoint({
    method: 'POST',
    path: o.path,
    summary: `登记${o.zh}`,
    access: o.create,
    input: o.Input,
    reply: o.Item,
    problems: [inventoryProblems.codeTaken],
  }),
  update: endpoint({
    method: 'PATCH',
    path: `${o.path}/:id`,
    summary: `修改${o.zh}`,
    access: o.update,
    input: change(o.Change),
    reply: o.Item,
    problems: [commonProblems.stale, inventoryProblems.retired, inventoryProblems.codeTaken],
  }),
  retire: endpoint({
    method: 'POST',
    path: `${o.path}/:id/retire`,
    summary: `${o.zh}退出使用`,
    access: o.update,
    input: retireInput,
    reply: o.Item,
    problems: [commonProblems.stale, inventoryProblems.retired, inventoryProblems.stillUsed],
  }),
})

const template = canAny(['iaas.template.manage', 'R'], ['cmdb.read', 'R'], ['cmdb.read', 'r'])
export const applications = item5({
  path: '/inventory/applications',
  zh: '应用系统',
  read: appRead,
  create: can('application.write', 'C'),
  update: can('application.write', 'U'),
  Item: Application,
  filter: list.extend({ tenantId: z.uuid().optional(), state: z.string().max(200).optional(), env: Env.optional() }),
  Input: ApplicationInput,
  Change: ApplicationChange,
})
export const servers = item5({
  path: '/inventory/servers',
  zh: '服务器',
  read: anyRead,
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Server,
  filter: list.extend({
    ...ofOwner,
    ...stateFilter,
    kind: ServerKind.optional(),
    poolId: z.uuid().optional(),
    rackId: z.uuid().optional(),
    usageBefore: day.optional(),
  }),
  Input: ServerInput,
  Change: ServerChange,
})
export const volumes = item5({
  path: '/inventory/volumes',
  zh: '存储',
  read: anyRead,
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Volume,
  filter: list.extend({
    ...ofOwner,
    ...stateFilter,
    kind: VolumeKind.optional(),
    serverId: z.uuid().optional(),
    poolId: z.uuid().optional(),
  }),
  Input: VolumeInput,
  Change: VolumeChange,
})
export const networks = item5({
  path: '/inventory/networks',
  zh: '网络与安全资源',
  read: anyRead,
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Network,
  filter: list.extend({ ...ofOwner, ...stateFilter, kind: NetworkKind.optional(), serverId: z.uuid().optional() }),
  Input: NetworkInput,
  Change: NetworkChange,
})
export const pools = item5({
  path: '/inventory/pools',
  zh: '资源池',
  read: can('pool.read', 'R'),
  create: can('pool.manage', 'C'),
  update: can('pool.manage', 'U'),
  Item: Pool,
  filter: list.extend({ zone: text(60).optional() }),
  Input: PoolInput,
  Change: PoolChange,
})
export const racks = item5({
  path: '/inventory/racks',
  zh: '机柜',
  read: can('pool.read', 'R'),
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Rack,
  filter: list.extend({ room: text(120).optional() }),
  Input: RackInput,
  Change: RackChange,
})
export const components = item5({
  path: '/inventory/components',
  zh: '设施设备',
  read: can('pool.read', 'R'),
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Component,
  filter: list.extend({ kind: ComponentKind.optional(), state: z.string().max(200).optional(), rackId: z.uuid().optional() }),
  Input: ComponentInput,
  Change: ComponentChange,
})
export const flavors = item5({
  path: '/inventory/flavors',
  zh: '规格',
  read: template,
  create: can('iaas.template.manage', 'C'),
  update: can('iaas.template.manage', 'U'),
  Item: Flavor,
  filter: list.extend({ state: z.string().max(200).optional() }),
  Input: FlavorInput,
  Change: z.object(flavorFields).partial(),
})
export const images = item5({
  path: '/inventory/images',
  zh: '镜像',
  read: template,
  create: can('iaas.template.manage', 'C'),
  update: can('iaas.template.manage', 'U'),
  Item: Image,
  filter: list.extend({ state: z.string().max(200).optional(), arch: imageFields.arch.optional() }),
  Input: ImageInput,
  Change: z.object(imageFields).partial(),
})
export const models = item5({
  path: '/inventory/hardware-models',
  zh: '机型',
  read: canAny(['iaas.hardwareTest', 'R'], ['cmdb.read', 'R'], ['cmdb.read', 'r']),
  create: can('iaas.hardwareTest', 'C'),
  update: can('iaas.hardwareTest', 'C'),
  Item: HardwareModel,
  filter: list.extend({ acceptance: z.enum(['UNTESTED', 'PASS', 'FAIL']).optional() }),
  Input: HardwareModelInput,
  Change: z.object(hardwareFields).partial(),
})

/** What trying a template came to; the last test counts. */
export const tryOut = <T extends z.ZodType>(path: string, zh: string, Item: T) =>
  endpoint({
    method: 'POST',
    path: `${path}/:id/tests`,
    summary: `登记${zh}的测试结果`,
    access: can('iaas.template.manage', 'C'),
    input: z.object({ id: z.uuid(), result: z.enum(['PASS', 'FAIL']), report: text(2000, 1) }),
    reply: Item,
    problems: [inventoryProblems.decided],
  })
export const decide = <T extends z.ZodType>(path: string, zh: string, Item: T) =>
  endpoint({
    method: 'POST',
    path: `${path}/:id/decide`,
    summary: `批准或驳回${zh}`,
    access: can('iaas.template.manage', 'A'),
    input: z.object({ id: z.uuid(), approve: z.boolean(), comment: text(500).default('') }),
    reply: Item,
    problems: [inventoryProblems.decided, inventoryProblems.samePerson, inventoryProblems.untested],
  })
