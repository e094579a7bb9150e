import type { Server } from '@changbai/contract/inventory.ts'
import type { ExporterKind } from '@changbai/contract/telemetry.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { monitoredComponents, monitoredServers } from '../inventory/index.ts'

/** One entry of Prometheus' HTTP service discovery. */
export interface TargetGroup {
  targets: string[]
  labels: Record<string, string>
}

/** The port of an exporter that runs on the object itself; the others are asked about it by `__param_target`. */
const PORTS: Partial<Record<ExporterKind, number>> = { node: 9100, libvirt: 9177, smartctl: 9633 }
const MODULES: Partial<Record<ExporterKind, string>> = { blackbox: 'icmp', ipmi: 'default' }
const ON_METAL: ReadonlySet<ExporterKind> = new Set(['ipmi', 'redfish', 'libvirt', 'smartctl'])

/** Where an exporter finds a server: its controller for what is read out of band, its first address otherwise. */
function addressOf(kind: ExporterKind, server: Server): string | null {
  if (ON_METAL.has(kind) && server.kind !== 'baremetal') return null
  if (kind === 'ipmi' || kind === 'redfish') return server.bmcAddress
  return server.addresses[0]?.address ?? null
}

const hostAndPort = (address: string, port: number): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`)

/** What speaks SNMP is no server: the exporter is asked about it with the module of its kind. */
async function snmpTargets(ctx: Ctx): Promise<TargetGroup[]> {
  const components = await monitoredComponents(ctx)
  return components.map(({ id, kind, name, address, rackId }) => ({
    targets: [address],
    labels: {
      ci_id: id,
      ci_type: kind.toLowerCase(),
      ci_name: name,
      ...(rackId ? { rack: rackId } : {}),
      __param_target: address,
      __param_module: kind === 'POWER' ? 'ups_mib' : 'if_mib',
    },
  }))
}

/** All targets of one kind of exporter, out of the inventory; what was retired is not among them. @clause 5.3-1 */
export async function listTargets(ctx: Ctx, kind: ExporterKind): Promise<TargetGroup[]> {
  if (kind === 'snmp') return snmpTargets(ctx)
  const groups: TargetGroup[] = []
  for (const server of await monitoredServers(ctx)) {
    const address = addressOf(kind, server)
    if (!address) continue
    const port = PORTS[kind]
    groups.push({
      targets: [port ? hostAndPort(address, port) : address],
      labels: {
        ci_id: server.id,
        ci_type: server.kind,
        ci_name: server.name,
        env: server.env,
        ...(server.applicationId ? { app_id: server.applicationId } : {}),
        ...(server.tenantId ? { tenant: server.tenantId } : {}),
        ...(server.zone ? { site: server.zone } : {}),
        ...(server.rackId ? { rack: server.rackId } : {}),
        ...(port ? {} : { __param_target: address }),
        ...(MODULES[kind] ? { __param_module: MODULES[kind] } : {}),
      },
    })
  }
  return groups
}
