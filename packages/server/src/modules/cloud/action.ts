/** A port rule as the security group gets it; `remote` is a CIDR. Ports null = all. */
export interface GroupRule {
  direction: 'ingress' | 'egress'
  protocol: 'tcp' | 'udp' | 'icmp' | null
  fromPort: number | null
  toPort: number | null
  remote: string
}

/** What is known about a thing that exists: its addresses, its host. Values are text, for people and for the inventory. */
export type Facts = Record<string, string>

/** What an action is done to. */
export type TargetKind = 'server' | 'volume' | 'securityGroup' | 'project' | 'image' | 'volumeSnapshot'

/** Hard limits of a project; a limit left out stays as it is. Counts, cores, MiB, GiB. */
export interface QuotaLimits {
  instances?: number
  cores?: number
  ramMiB?: number
  volumes?: number
  volumeGiB?: number
  ports?: number
  networks?: number
  addresses?: number
}

/**
 * One thing to be done to something that exists. Each is a state to be reached, not a call to be made: asked for twice it takes effect once, and
 * after a crash the next attempt finds out by looking how far the last one came.
 */
export type Action =
  | { do: 'stop' }
  | { do: 'start' }
  | { do: 'reboot' }
  /** An image of a server or a snapshot of a volume, named by the operation's key. */
  | { do: 'snapshot' }
  /** Ends in VERIFY_RESIZE (`facts.status`), which `confirmResize` or `restoreSize` ends; a cloud may confirm at once. */
  | { do: 'resize'; vcpu: number; memMiB: number; flavor: string | null }
  | { do: 'confirmResize'; vcpu: number; memMiB: number; flavor: string | null }
  /** Back to this size from wherever a resize stands: reverted if it waits to be confirmed, resized back if it was confirmed already. */
  | { do: 'restoreSize'; vcpu: number; memMiB: number; flavor: string | null }
  | { do: 'rebuild'; image: string }
  | { do: 'extend'; gib: number }
  | { do: 'retype'; disk: 'SSD' | 'SAS' | 'SATA' }
  /** `server`: the cloud's id of the server. */
  | { do: 'attach'; server: string }
  | { do: 'detach'; server: string | null }
  /** Reads the policy or the limits in force, so that they can be put back: `facts.before` as JSON. */
  | { do: 'readRules' }
  | { do: 'setRules'; rules: GroupRule[] }
  | { do: 'readQuota' }
  | { do: 'setQuota'; limits: QuotaLimits }
  | { do: 'delete' }

export interface Acting {
  key: string
  kind: TargetKind
  externalId: string
  projectId: string | null
  action: Action
  /** The cloud said earlier that it took the order; so a target that stands still again has either done or dropped it. */
  accepted: boolean
  /** False while an earlier, unanswered order may still be carried out: then only look. */
  mayAsk: boolean
  intendedAt: Temporal.Instant
  /** The product's clock when the call was planned. */
  at: Temporal.Instant
}

/**
 * What came of one step. `working`: taken, under way. `busy`: the target does something else, later. `gone`: it does not exist any more.
 * `unknown`: asked, no clear answer; look before asking again.
 */
export type ActOutcome =
  | { is: 'done'; facts: Facts }
  | { is: 'working'; detail: string }
  | { is: 'busy'; message: string }
  | { is: 'gone'; message: string }
  | { is: 'failed'; message: string }
  | { is: 'quota'; message: string }
  | { is: 'refused'; status: number; message: string }
  | { is: 'throttled'; afterSeconds: number; message: string }
  | { is: 'unknown'; message: string }
  | { is: 'unreachable'; message: string }

/** A server as any cloud shows it. `size` is the cloud's word for its cores and memory: a flavour's name. */
export interface ServerSeen {
  status: string
  task: string
  size: string
  image: string
  fault: string
}
export interface VolumeSeen {
  status: string
  gib: number
  type: string
  /** Ids of the servers it hangs on. */
  attachedTo: readonly string[]
}

/** What to do next, judged from what is seen. `ask` names the order to be given. */
export type Move = { is: 'ask'; order: ServerOrder | VolumeOrder } | Extract<ActOutcome, { is: 'done' | 'working' | 'busy' | 'failed' }>
export type ServerOrder = 'stop' | 'start' | 'reboot' | 'resize' | 'confirmResize' | 'revertResize' | 'rebuild' | 'snapshot' | 'delete'
export type VolumeOrder = 'extend' | 'retype' | 'attach' | 'detach' | 'snapshot' | 'delete'
