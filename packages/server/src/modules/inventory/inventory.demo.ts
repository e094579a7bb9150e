import type { Application, BaseParameters, Pool, Rack } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { addApplication } from './application.service.ts'
import { seedDemoGraph } from './graph.demo.ts'
import { addHardwareModel, recordAcceptanceTest } from './hardware.service.ts'
import { addItem } from './item.service.ts'
import { myApplications } from './lookup.service.ts'
import { baseParametersInForce, saveBaseParameters } from './parameters.service.ts'
import { addPool, commitCapacity, poolCapacity, reserveCapacity } from './pool.service.ts'
import { addResource } from './resource.service.ts'
import { addTemplate } from './template.service.ts'

export interface DemoTenant {
  id: string
  name: string
  projectManagerId?: string | null
}

const parameters: BaseParameters = {
  defaultQuota: { instances: 20, vcpu: 80, memGiB: 320, volumes: 40, volumeGiB: 10_240, publicAddresses: 2, securityGroups: 20 },
  zones: [
    { code: 'gov-extranet', name: '政务外网区', kind: 'GOV_EXTRANET', availabilityZone: 'nova' },
    { code: 'internet', name: '互联网区', kind: 'INTERNET', availabilityZone: 'nova' },
    { code: 'dmz', name: '数据交换区', kind: 'DMZ', availabilityZone: 'nova' },
  ],
  addressPools: [
    {
      name: '政务外网业务网段',
      zone: 'gov-extranet',
      cidr: '10.52.0.0/16',
      gateway: '10.52.0.1',
      dns: ['10.52.0.53'],
      reserved: ['10.52.0.1-10.52.0.63'],
    },
    {
      name: '互联网业务网段',
      zone: 'internet',
      cidr: '10.53.0.0/16',
      gateway: '10.53.0.1',
      dns: ['10.53.0.53'],
      reserved: ['10.53.0.1-10.53.0.63'],
    },
    { name: '公网地址', zone: 'internet', cidr: '203.0.113.0/24', gateway: '203.0.113.1', dns: [], reserved: ['203.0.113.1-203.0.113.9'] },
  ],
  naming: {
    project: '{tenant}-{app}',
    server: '{app}-{env}-{role}-{seq}',
    volume: '{app}-{env}-{role}-data{seq}',
    network: '{app}-{env}-net',
  },
  overcommit: { vcpu: 3, mem: 1, storage: 1 },
}

const flavorSizes: readonly [name: string, vcpu: number, memGiB: number, family: string][] = [
  ['通用型 2核4G', 2, 4, '通用型'],
  ['通用型 4核8G', 4, 8, '通用型'],
  ['通用型 8核16G', 8, 16, '通用型'],
  ['内存型 4核16G', 4, 16, '内存型'],
  ['内存型 8核32G', 8, 32, '内存型'],
  ['内存型 16核64G', 16, 64, '内存型'],
  ['内存型 32核128G', 32, 128, '内存型'],
]
const imageList: readonly [name: string, os: string, version: string, arch: 'x86_64' | 'aarch64', domestic: boolean][] = [
  ['银河麒麟高级服务器 V10 SP3', '银河麒麟', 'V10 SP3', 'x86_64', true],
  ['银河麒麟高级服务器 V10 SP3 ARM', '银河麒麟', 'V10 SP3', 'aarch64', true],
  ['统信服务器操作系统 UOS 20', '统信 UOS', '20 (1060)', 'x86_64', true],
  ['openEuler 22.03 LTS', 'openEuler', '22.03 LTS SP4', 'x86_64', true],
  ['Ubuntu Server 22.04', 'Ubuntu', '22.04', 'x86_64', false],
]
const models: readonly [vendor: string, model: string, cpu: string, vcpu: number, memGiB: number, passes: boolean | null][] = [
  ['浪潮', 'NF5280M6', '2×Intel Xeon Gold 6330 28C', 112, 512, true],
  ['华为', 'TaiShan 200 (2280)', '2×Kunpeng 920 48C', 96, 512, true],
  ['中科曙光', 'H620-G30', '2×Hygon 7285 32C', 128, 512, null],
]

/** What one demo application runs on: role, how many, cores, memory, system disk and data disk in GiB. */
const layouts: readonly (readonly [role: string, count: number, vcpu: number, memGiB: number, dataGiB: number])[][] = [
  [
    ['web', 2, 4, 8, 0],
    ['app', 2, 8, 16, 200],
    ['db', 1, 16, 64, 1000],
  ],
  [
    ['app', 1, 4, 8, 100],
    ['db', 1, 8, 32, 500],
  ],
  [
    ['web', 1, 2, 4, 0],
    ['app', 2, 4, 8, 100],
  ],
]
const subjects = ['办公协同平台', '政务服务一窗受理系统', '数据共享交换系统', '行政执法监督平台', '网上信访系统', '应急指挥调度系统']

export interface DemoSize {
  /** Applications of the bureau at this place of the list. */
  applications(index: number): number
  /** Every second application is larger: so many servers instead of one. */
  largerBy: number
}
const lived: DemoSize = { applications: (index) => (index % 2 === 0 ? 2 : 1), largerBy: 1 }

/**
 * A house that has been lived in: parameters, pools, racks, templates, two or three applications a bureau with their servers and volumes. Goes the
 * same ways as people do, so that its history and its ledger are true. Does nothing where base parameters exist already.
 */
export async function seedDemoInventory(ctx: Ctx, tenants: readonly DemoTenant[], size: DemoSize = lived): Promise<void> {
  if (await baseParametersInForce(ctx)) return
  await saveBaseParameters(ctx, { baseVersion: 0, parameters, reason: '平台启用' })
  const pools = await seedPools(ctx)
  const racks = await seedRacks(ctx)
  await seedTemplates(ctx)
  await seedApplications(ctx, tenants, pools, 0, size)
  await seedDemoGraph(ctx, racks)
}

/** More bureaus come to a house that is furnished already; their applications go on in the same series. */
export async function growDemoInventory(ctx: Ctx, tenants: readonly DemoTenant[], size: DemoSize = lived): Promise<void> {
  const pools = [...(await poolCapacity(ctx))].sort((a, b) => (a.code < b.code ? -1 : 1))
  await seedApplications(ctx, tenants, pools, (await myApplications(ctx)).length, size)
}

async function seedApplications(ctx: Ctx, tenants: readonly DemoTenant[], pools: readonly Pool[], first: number, size: DemoSize) {
  let subject = first
  for (const [index, tenant] of tenants.entries()) {
    for (let n = 0; n < size.applications(index); n++) {
      await seedApplication(ctx, tenant, subject, pools, subject % 4 < 2 ? 1 : size.largerBy)
      subject += 1
    }
  }
}

const seedPools = async (ctx: Ctx): Promise<Pool[]> => [
  await addPool(
    ctx,
    {
      name: '政务外网一区资源池',
      code: 'POOL-EXT-1',
      zone: 'gov-extranet',
      env: null,
      capacity: { vcpu: 1536, memGiB: 12_288, storageGiB: 409_600, publicAddresses: 0, baremetal: 24 },
      note: '',
    },
    'DEMO',
  ),
  await addPool(
    ctx,
    {
      name: '互联网一区资源池',
      code: 'POOL-NET-1',
      zone: 'internet',
      env: null,
      capacity: { vcpu: 768, memGiB: 6_144, storageGiB: 204_800, publicAddresses: 240, baremetal: 8 },
      note: '',
    },
    'DEMO',
  ),
]

async function seedRacks(ctx: Ctx): Promise<Rack[]> {
  const racks: Rack[] = []
  for (const name of ['A01', 'A02', 'A03', 'B01', 'B02'])
    racks.push(
      (await addItem(
        ctx,
        'rack',
        { name, room: '长春主数据中心 3F-301', row: name[0], units: 42, powerWatts: 6000, note: '' },
        'DEMO',
      )) as unknown as Rack,
    )
  return racks
}

async function seedTemplates(ctx: Ctx): Promise<void> {
  for (const [name, vcpu, memGiB, family] of flavorSizes)
    await addTemplate(ctx, 'flavor', { name, vcpu, memGiB, rootGiB: 40, family, externalId: '', note: '' }, 'DEMO')
  for (const [name, os, version, arch, domestic] of imageList)
    await addTemplate(
      ctx,
      'image',
      { name, os, version, arch, domestic, minRootGiB: 40, minMemGiB: 2, digest: '', externalId: '', note: '' },
      'DEMO',
    )
  for (const [vendor, model, cpu, vcpu, memGiB, passes] of models) {
    const made = await addHardwareModel(
      ctx,
      { vendor, model, cpu, vcpu, memGiB, disks: '2×480 GB SSD, 8×1.92 TB SSD', nics: '4×25GE', gpu: '', rackUnits: 2, note: '' },
      'DEMO',
    )
    if (passes === null) continue
    const checks = ['上电与自检', '带外管理', '操作系统安装（麒麟 V10）', '网卡绑定', 'RAID 与磁盘性能', '72 小时拷机'].map((name) => ({
      name,
      result: 'PASS' as const,
      note: '',
    }))
    await recordAcceptanceTest(ctx, { id: made.id, result: 'PASS', checks, comment: '可用性测试通过', fileIds: [] })
  }
}

async function seedApplication(ctx: Ctx, tenant: DemoTenant, subject: number, pools: readonly Pool[], times: number): Promise<Application> {
  const title = subjects[subject % subjects.length] as string
  const short = `app${String(subject + 1).padStart(2, '0')}`
  const application = await addApplication(
    ctx,
    {
      tenantId: tenant.id,
      name: `${tenant.name}${title}`,
      code: short.toUpperCase(),
      mlpsLevel: subject % 3 === 0 ? 3 : 2,
      state: 'ONLINE',
      projectManagerId: tenant.projectManagerId ?? null,
      contact: '',
      goLiveOn: '2025-03-10',
    },
    'DEMO',
  )
  const pool = pools[subject % pools.length] as Pool
  const layout = layouts[subject % layouts.length] as (typeof layouts)[number]
  const total = { vcpu: 0, memGiB: 0, storageGiB: 0 }
  for (const [role, count, vcpu, memGiB, dataGiB] of layout) {
    for (let seq = 1; seq <= count * times; seq++) {
      const name = `${short}-prod-${role}-${String(seq).padStart(2, '0')}`
      const server = await addResource(
        ctx,
        'server',
        {
          kind: 'vm',
          name,
          applicationId: application.id,
          vcpu,
          memGiB,
          rootGiB: 40,
          os: '银河麒麟 V10 SP3',
          zone: pool.zone,
          poolId: pool.id,
          addresses: [{ address: `10.52.${10 + subject}.${10 + total.vcpu + seq}`, zone: pool.zone, public: false }],
          usageUntil: '2027-03-31',
        },
        'DEMO',
      )
      total.vcpu += vcpu
      total.memGiB += memGiB
      total.storageGiB += 40 + dataGiB
      if (dataGiB > 0)
        await addResource(
          ctx,
          'volume',
          {
            kind: 'block',
            name: `${name}-data1`,
            applicationId: application.id,
            gib: dataGiB,
            tier: 'SSD',
            serverId: server.id,
            poolId: pool.id,
            zone: pool.zone,
            usageUntil: '2027-03-31',
          },
          'DEMO',
        )
    }
  }
  const holder = { type: 'application', id: application.id }
  await reserveCapacity(ctx, { holder, label: application.name, amounts: total, poolId: pool.id })
  await commitCapacity(ctx, holder)
  return application
}
