import type { MeasureId, MeasureUnit } from '@changbai/contract/telemetry.ts'
import type { Matcher } from './series.domain.ts'

/** One operand: series of one metric of an object, brought to one number a step. */
export interface Term {
  metric: string
  matchers: readonly Matcher[]
  /** `rate`: of a counter, a second. */
  take: 'avg' | 'rate'
  /** How several series of one object (processors, interfaces, file systems) become one number. */
  reduce: 'sum' | 'avg' | 'max'
}

/** One dialect of a measure: an exporter's names for it. */
export interface Dialect {
  formula: 'a' | '1-a' | 'a/100' | '1-a/b'
  a: Term
  b?: Term
}
/** The first dialect that an object speaks is taken. */
export interface Measure {
  unit: MeasureUnit
  dialects: readonly Dialect[]
}

const term = (metric: string, take: Term['take'], reduce: Term['reduce'], ...matchers: Matcher[]): Term => ({
  metric,
  matchers,
  take,
  reduce,
})
const is = (label: string, value: string): Matcher => ({ label, op: '=', value })
const isNot = (label: string, value: string): Matcher => ({ label, op: '!~', value })

const REAL_FILES = isNot('fstype', 'tmpfs|devtmpfs|overlay|squashfs|ramfs|rootfs|iso9660')
const REAL_LINKS = isNot('device', 'lo|veth.*|docker.*|br-.*|virbr.*|tap.*|cali.*|qvb.*|qvo.*|qbr.*')
const REAL_DISKS = isNot('device', 'dm-.*|loop.*|ram.*|sr.*|md.*')

export const measures: Readonly<Record<MeasureId, Measure>> = {
  cpu: {
    unit: 'ratio',
    dialects: [
      { formula: '1-a', a: term('node_cpu_seconds_total', 'rate', 'avg', is('mode', 'idle')) },
      { formula: 'a', a: term('libvirt_domain_vcpu_time_seconds_total', 'rate', 'avg') },
      { formula: '1-a', a: term('system_cpu_utilization_ratio', 'avg', 'avg', is('state', 'idle')) },
      { formula: 'a/100', a: term('hwEntityCpuUsage', 'avg', 'max') },
      { formula: 'a/100', a: term('hh3cEntityExtCpuUsage', 'avg', 'max') },
    ],
  },
  memory: {
    unit: 'ratio',
    dialects: [
      { formula: '1-a/b', a: term('node_memory_MemAvailable_bytes', 'avg', 'sum'), b: term('node_memory_MemTotal_bytes', 'avg', 'sum') },
      { formula: 'a/100', a: term('libvirt_domain_memory_stats_used_percent', 'avg', 'max') },
      { formula: 'a', a: term('system_memory_utilization_ratio', 'avg', 'sum', is('state', 'used')) },
      { formula: 'a/100', a: term('hwEntityMemUsage', 'avg', 'max') },
      { formula: 'a/100', a: term('hh3cEntityExtMemUsage', 'avg', 'max') },
    ],
  },
  disk: {
    unit: 'ratio',
    dialects: [
      {
        formula: '1-a/b',
        a: term('node_filesystem_avail_bytes', 'avg', 'sum', REAL_FILES),
        b: term('node_filesystem_size_bytes', 'avg', 'sum', REAL_FILES),
      },
      { formula: 'a', a: term('system_filesystem_utilization_ratio', 'avg', 'max') },
    ],
  },
  networkIn: {
    unit: 'bytesPerSecond',
    dialects: [
      { formula: 'a', a: term('node_network_receive_bytes_total', 'rate', 'sum', REAL_LINKS) },
      { formula: 'a', a: term('libvirt_domain_interface_stats_receive_bytes_total', 'rate', 'sum') },
      { formula: 'a', a: term('ifHCInOctets', 'rate', 'sum') },
    ],
  },
  networkOut: {
    unit: 'bytesPerSecond',
    dialects: [
      { formula: 'a', a: term('node_network_transmit_bytes_total', 'rate', 'sum', REAL_LINKS) },
      { formula: 'a', a: term('libvirt_domain_interface_stats_transmit_bytes_total', 'rate', 'sum') },
      { formula: 'a', a: term('ifHCOutOctets', 'rate', 'sum') },
    ],
  },
  diskRead: {
    unit: 'bytesPerSecond',
    dialects: [
      { formula: 'a', a: term('node_disk_read_bytes_total', 'rate', 'sum', REAL_DISKS) },
      { formula: 'a', a: term('libvirt_domain_block_stats_read_bytes_total', 'rate', 'sum') },
    ],
  },
  diskWrite: {
    unit: 'bytesPerSecond',
    dialects: [
      { formula: 'a', a: term('node_disk_written_bytes_total', 'rate', 'sum', REAL_DISKS) },
      { formula: 'a', a: term('libvirt_domain_block_stats_write_bytes_total', 'rate', 'sum') },
    ],
  },
  connections: { unit: 'count', dialects: [{ formula: 'a', a: term('node_netstat_Tcp_CurrEstab', 'avg', 'sum') }] },
  load: { unit: 'count', dialects: [{ formula: 'a', a: term('node_load1', 'avg', 'max') }] },
  temperature: {
    unit: 'celsius',
    dialects: [
      { formula: 'a', a: term('ipmi_temperature_celsius', 'avg', 'max') },
      { formula: 'a', a: term('redfish_chassis_temperature_celsius', 'avg', 'max') },
      { formula: 'a', a: term('node_hwmon_temp_celsius', 'avg', 'max') },
    ],
  },
  power: {
    unit: 'watts',
    dialects: [
      { formula: 'a', a: term('ipmi_dcmi_power_consumption_current_watts', 'avg', 'max') },
      { formula: 'a', a: term('ipmi_power_watts', 'avg', 'sum') },
    ],
  },
}

/** @returns null where the formula has no value: nothing to divide by, an operand missing */
export function applyFormula(formula: Dialect['formula'], a: number | undefined, b: number | undefined): number | null {
  if (a === undefined) return null
  switch (formula) {
    case 'a':
      return a
    case 'a/100':
      return a / 100
    case '1-a':
      return Math.max(0, 1 - a)
    case '1-a/b':
      return b ? Math.max(0, 1 - a / b) : null
  }
}

export function reduceBy(how: Term['reduce'], numbers: readonly number[]): number {
  if (how === 'max') return Math.max(...numbers)
  const sum = numbers.reduce((total, one) => total + one, 0)
  return how === 'sum' ? sum : sum / numbers.length
}
