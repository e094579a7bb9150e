/** What of incidents stands on every page: a face of its own, so that the first view loads nothing else of the module. */
export { RunningBadge } from '../RunningBadge.tsx'
