import type { Acting, ActOutcome, TargetKind } from '../action.ts'
import { actOnGroup, actOnProject } from './act-policy.ts'
import { actOnImage, actOnServer, Gone } from './act-server.ts'
import { actOnSnapshot, actOnVolume } from './act-volume.ts'
import { CallEnded } from './answer.ts'
import type { Session } from './session.ts'

type Actor = (session: Session, acting: Acting, signal: AbortSignal) => Promise<ActOutcome>
const actors: Record<TargetKind, Actor> = {
  server: actOnServer,
  volume: actOnVolume,
  securityGroup: actOnGroup,
  project: actOnProject,
  image: actOnImage,
  volumeSnapshot: actOnSnapshot,
}

/** One step towards an action. A target that is not there ends it; for a deletion that is what was wanted. */
export async function act(session: Session, acting: Acting, signal: AbortSignal): Promise<ActOutcome> {
  try {
    return await actors[acting.kind](session, acting, signal)
  } catch (error) {
    if (error instanceof Gone) return acting.action.do === 'delete' ? { is: 'done', facts: {} } : { is: 'gone', message: error.message }
    if (error instanceof CallEnded) return ended(error)
    throw error
  }
}

/** Refused because of what the target does at the moment: Nova says 409, Cinder 400. Nothing was done. */
const isBusy = (message: string): boolean => /^\w+ 409:/.test(message) || /^volume 400:.*status must be/i.test(message)

/** How a call ends, in the words of an action. What "is there" means nothing to an action: the state is looked at anew. */
function ended({ outcome }: CallEnded): ActOutcome {
  if ((outcome.is === 'unknown' || outcome.is === 'refused') && isBusy(outcome.message)) return { is: 'busy', message: outcome.message }
  switch (outcome.is) {
    case 'quota':
    case 'throttled':
    case 'unreachable':
    case 'unknown':
    case 'refused':
      return outcome
    default:
      return { is: 'unknown', message: outcome.is }
  }
}
