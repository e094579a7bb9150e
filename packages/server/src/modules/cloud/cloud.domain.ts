import type { Want } from './driver.ts'

/** What a retry must know about one resource; times are epoch milliseconds. */
export interface Attempted {
  askedAt: number | null
}

/**
 * May the cloud be asked (again) to make the thing? Not while an unanswered request may still be committed there: Nova held a request for 60 s
 * behind a frozen Neutron and then made the server.
 * @param settleSeconds how long an unanswered request can still take effect
 */
export const mayAsk = (attempted: Attempted, now: number, settleSeconds: number): boolean =>
  attempted.askedAt === null || now - attempted.askedAt >= settleSeconds * 1000

/** Pause before the next look, seconds: 2, 4, 8 ... 60. */
export const pauseSeconds = (setbacks: number): number => Math.min(60, 2 ** Math.max(1, setbacks))

/** After so many answers in a row that led nowhere, about half an hour, people take over. */
export const MAX_SETBACKS = 36
/** How often a thing that failed without a reason is removed and made again. */
export const MAX_REBUILDS = 2

/** The keys a want refers to: they must exist before it can be asked for. */
export function needsOf(want: Want): string[] {
  switch (want.kind) {
    case 'project':
      return []
    case 'user':
    case 'quota':
    case 'network':
    case 'securityGroup':
    case 'volume':
    case 'serverGroup':
      return [want.project]
    case 'subnet':
      return [want.project, want.network]
    case 'router':
      return [want.project, want.subnet]
    case 'port':
      return [want.project, want.network, want.subnet, ...want.groups]
    case 'server':
      return [
        want.project,
        want.port,
        ...want.dataVolumes,
        ...(want.rootVolume ? [want.rootVolume] : []),
        ...(want.group ? [want.group] : []),
      ]
    case 'address':
      return [want.project, want.port]
  }
}
