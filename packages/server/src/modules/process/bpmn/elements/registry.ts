import type { Moves } from '../engine/moves.ts'
import type { TokenRow } from '../engine/state.ts'
import type { Node } from '../program.ts'
import { enterBoundary, readBoundary } from './boundary.ts'
import { enterMessage, enterTimer, readCatch, readReceive } from './catch.ts'
import type { Read } from './element.ts'
import { enterEnd, readEnd } from './end.ts'
import { enterAnd, enterXor, readAnd, readXor } from './gateways.ts'
import { enterPass, readPass } from './pass.ts'
import { enterCall, enterSub, readCall, readSub } from './scopes.ts'
import { enterService, readService } from './service-task.ts'
import { enterStart, readStart } from './start.ts'
import { enterUser, readUser } from './user-task.ts'

/** The whitelist: what is not here is refused with its id. */
export const readers: ReadonlyMap<string, Read<Node>> = new Map<string, Read<Node>>([
  ['StartEvent', readStart],
  ['EndEvent', readEnd],
  ['Task', readPass],
  ['ManualTask', readPass],
  ['UserTask', readUser],
  ['ServiceTask', readService],
  ['ReceiveTask', readReceive],
  ['IntermediateCatchEvent', readCatch],
  ['BoundaryEvent', readBoundary],
  ['ExclusiveGateway', readXor],
  ['ParallelGateway', readAnd],
  ['SubProcess', readSub],
  ['CallActivity', readCall],
])

export function enterNode(run: Moves, token: TokenRow, node: Node): void {
  switch (node.kind) {
    case 'start':
      enterStart(run, token, node)
      break
    case 'end':
      enterEnd(run, token, node)
      break
    case 'pass':
      enterPass(run, token, node)
      break
    case 'user':
      enterUser(run, token, node)
      break
    case 'service':
      enterService(run, token, node)
      break
    case 'message':
      enterMessage(run, token, node)
      break
    case 'timer':
      enterTimer(run, token, node)
      break
    case 'xor':
      enterXor(run, token, node)
      break
    case 'and':
      enterAnd(run, token, node)
      break
    case 'sub':
      enterSub(run, token, node)
      break
    case 'call':
      enterCall(run, token, node)
      break
    case 'boundary':
      enterBoundary(run, token, node)
      break
  }
}
