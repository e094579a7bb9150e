import type { resourceKind } from '@changbai/contract/cloud.ts'
import type { z } from 'zod'

import type { Acting, ActOutcome, Facts, GroupRule } from './action.ts'

export type { Facts, GroupRule } from './action.ts'

export type ResourceKind = z.output<typeof resourceKind>

/** At least so much for one project. Counts, cores, MiB, GiB. */
export interface QuotaFloor {
  instances: number
  cores: number
  ramMiB: number
  volumes: number
  volumeGiB: number
  ports: number
  networks: number
  addresses: number
}

/**
 * One thing that shall exist. It names other things by OUR key, never by the cloud's id: the register translates when the call is made, so a
 * want can be stored before anything exists. `sealed` is a secret encrypted at rest.
 */
export type Want =
  | { kind: 'project'; name: string }
  | { kind: 'user'; name: string; project: string; sealed: string }
  | { kind: 'quota'; project: string; atLeast: QuotaFloor }
  | { kind: 'network'; project: string; name: string }
  | { kind: 'subnet'; project: string; network: string; name: string; cidr: string }
  | { kind: 'router'; project: string; name: string; subnet: string }
  | { kind: 'securityGroup'; project: string; name: string; rules: GroupRule[] }
  | { kind: 'volume'; project: string; name: string; gib: number; disk: 'SSD' | 'SAS' | 'SATA' | null; image: string | null; zone: string }
  | { kind: 'port'; project: string; name: string; network: string; subnet: string; groups: string[]; address: string | null }
  | { kind: 'serverGroup'; project: string; name: string }
  | {
      kind: 'server'
      project: string
      name: string
      vcpu: number
      memMiB: number
      flavor: string | null
      image: string
      rootGiB: number
      /** Null when the system disk lives on the host. */
      rootVolume: string | null
      dataVolumes: string[]
      port: string
      group: string | null
      zone: string
      /** Account made at first start; its password must be changed at first sign-in. */
      account: string
      sealed: string
    }
  /** `address` null: the cloud chooses. */
  | { kind: 'address'; project: string; name: string; port: string; address: string | null }

/**
 * What came of one call, in the words a saga can act on.
 * `unknown`: asked, but whether it was done cannot be told; look before asking again. `unreachable`: nothing was sent.
 * `failed`: it exists but in an error state; `again` if trying once more is sensible.
 */
export type Outcome =
  | { is: 'present'; externalId: string; adopted: boolean; facts: Facts }
  | { is: 'building'; externalId: string; adopted: boolean; detail: string }
  | { is: 'absent' }
  | { is: 'failed'; externalId: string; message: string; again: boolean }
  | { is: 'quota'; message: string }
  | { is: 'refused'; status: number; message: string }
  | { is: 'throttled'; afterSeconds: number; message: string }
  | { is: 'unknown'; message: string }
  | { is: 'unreachable'; message: string }

/** Everything a call needs, so that it needs no database: what, how far it got before, and the cloud's ids of what it names. */
export interface Asking {
  key: string
  want: Want
  /** The cloud's id, once known. */
  externalId: string | null
  /** False while an earlier, unanswered creation may still be committed: then only look. */
  mayAsk: boolean
  ids: Readonly<Record<string, string>>
  /** The opened secret of the want, where it has one. */
  secret: string | null
  /** The product's clock when the call was planned. */
  at: Temporal.Instant
}

export interface CloudCapacity {
  vcpu: { total: number; used: number }
  memGiB: { total: number; used: number }
  diskGiB: { total: number; used: number }
  publicAddresses: { total: number; used: number }
}
export interface CloudImage {
  id: string
  name: string
  minDiskGiB: number
  minMemMiB: number
  status: string
}
export interface CloudFlavor {
  id: string
  name: string
  vcpu: number
  memMiB: number
  diskGiB: number
}
export interface CloudView {
  services: { type: string; url: string; version: string | null }[]
  capacity: CloudCapacity
  images: CloudImage[]
  flavors: CloudFlavor[]
}
/** Something in the cloud that carries one of our keys. */
export interface Found {
  kind: ResourceKind
  key: string
  externalId: string
  createdAt: string
}

/**
 * One cloud. Every method is safe to repeat: a retry after a time-out or a crash adopts what exists and never makes a second one, provided that
 * the caller lets one ask at a time run for a key (the register does).
 */
export interface Driver {
  readonly name: 'openstack' | 'simulator' | 'manual'
  /** What this cloud can make; the rest becomes work for people. */
  can(kind: ResourceKind): boolean
  ensure(asking: Asking, signal: AbortSignal): Promise<Outcome>
  remove(asking: Asking, signal: AbortSignal): Promise<Outcome>
  /** One step towards a state of something that exists: looks first, asks only for what is missing. */
  act(acting: Acting, signal: AbortSignal): Promise<ActOutcome>
  look(signal: AbortSignal): Promise<CloudView>
  /** Servers and volumes that carry a key of ours, in all projects given. */
  list(projectIds: readonly string[], signal: AbortSignal): Promise<Found[]>
}
