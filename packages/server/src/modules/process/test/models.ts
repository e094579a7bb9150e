import fc from 'fast-check'
import { and, definition, flowIf, user, xor } from './xml.ts'

/** A structured model; every one of them is sound. */
export type Block =
  | { kind: 'user' }
  | { kind: 'service' }
  | { kind: 'voices'; voices: number }
  | { kind: 'seq' | 'xor' | 'and'; parts: Block[] }
  | { kind: 'loop' | 'sub' | 'timed' | 'reminded'; inner: Block }

export const blocks: fc.Arbitrary<Block> = fc.letrec<{ block: Block; leaf: Block; parts: Block[] }>((tie) => ({
  leaf: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Block>({ kind: 'user' }) },
    fc.constant<Block>({ kind: 'service' }),
    fc.integer({ min: 1, max: 3 }).map((voices): Block => ({ kind: 'voices', voices })),
  ),
  parts: fc.array(tie('block'), { minLength: 2, maxLength: 3 }),
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.record({ kind: fc.constantFrom('seq' as const, 'xor' as const, 'and' as const), parts: tie('parts') }),
    fc.record({ kind: fc.constantFrom('loop' as const, 'sub' as const, 'timed' as const, 'reminded' as const), inner: tie('block') }),
  ),
})).block

class Writer {
  ids = 0
  readonly vars: Record<string, unknown> = {}

  next(prefix: string): string {
    this.ids += 1
    return `${prefix}${this.ids}`
  }
}

interface Piece {
  xml: string
  first: string
  last: string
}

const flow = (from: string, to: string) => `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}"/>`

function write(w: Writer, block: Block): Piece {
  switch (block.kind) {
    case 'user': {
      const id = w.next('u')
      return { xml: user(id), first: id, last: id }
    }
    case 'service': {
      const id = w.next('v')
      return { xml: `<serviceTask id="${id}" wf:topic="t" wf:mode="tx"/>`, first: id, last: id }
    }
    case 'voices': {
      const id = w.next('m')
      const loop = `<multiInstanceLoopCharacteristics isSequential="${block.voices === 2}"><loopCardinality>${block.voices}</loopCardinality></multiInstanceLoopCharacteristics>`
      return { xml: user(id, undefined, loop), first: id, last: id }
    }
    case 'seq': {
      const pieces = block.parts.map((part) => write(w, part))
      const links = pieces.slice(1).map((piece, at) => flow(pieces[at]?.last ?? '', piece.first))
      return {
        xml: pieces.map((piece) => piece.xml).join('') + links.join(''),
        first: pieces[0]?.first ?? '',
        last: pieces.at(-1)?.last ?? '',
      }
    }
    case 'and':
    case 'xor': {
      const [split, merge] = [w.next(block.kind), w.next(block.kind)]
      const pieces = block.parts.map((part) => write(w, part))
      const isXor = block.kind === 'xor'
      if (isXor) w.vars[`pick${split}`] = 0
      const gates = isXor ? xor(split, `${split}_${pieces[0]?.first}`) + xor(merge) : and(split) + and(merge)
      const ways = pieces.map(
        (piece, at) =>
          (isXor && at > 0 ? flowIf(split, piece.first, `=pick${split} = ${at}`) : flow(split, piece.first)) + flow(piece.last, merge),
      )
      return { xml: gates + pieces.map((piece) => piece.xml).join('') + ways.join(''), first: split, last: merge }
    }
    case 'loop': {
      const [merge, again, task] = [w.next('merge'), w.next('again'), w.next('u')]
      const { xml, first, last } = write(w, block.inner)
      const out = w.next('v')
      w.vars[`go${again}`] = false
      const gates = xor(merge) + user(task) + xor(again, `${again}_${out}`) + `<task id="${out}"/>`
      const ways = flow(merge, task) + flow(task, first) + flow(last, again) + flow(again, out) + flowIf(again, merge, `=go${again}`)
      return { xml: gates + xml + ways, first: merge, last: out }
    }
    case 'sub': {
      const [id, s, e] = [w.next('sub'), w.next('s'), w.next('e')]
      const { xml, first, last } = write(w, block.inner)
      const inside = `<startEvent id="${s}"/><endEvent id="${e}"/>${xml}${flow(s, first)}${flow(last, e)}`
      return { xml: `<subProcess id="${id}">${inside}</subProcess>`, first: id, last: id }
    }
    case 'timed': {
      const [task, event, merge] = [w.next('u'), w.next('b'), w.next('merge')]
      const { xml, first, last } = write(w, block.inner)
      const timer = `<boundaryEvent id="${event}" attachedToRef="${task}"><timerEventDefinition><timeDuration>PT3H</timeDuration></timerEventDefinition></boundaryEvent>`
      return {
        xml: user(task) + timer + xor(merge) + xml + flow(task, merge) + flow(event, first) + flow(last, merge),
        first: task,
        last: merge,
      }
    }
    case 'reminded': {
      const [task, event, end] = [w.next('u'), w.next('b'), w.next('e')]
      const { xml, first, last } = write(w, block.inner)
      const timer = `<boundaryEvent id="${event}" attachedToRef="${task}" cancelActivity="false"><timerEventDefinition><timeCycle>R2/PT2H</timeCycle></timerEventDefinition></boundaryEvent>`
      return { xml: user(task) + timer + `<endEvent id="${end}"/>` + xml + flow(event, first) + flow(last, end), first: task, last: task }
    }
  }
}

/** The definition of a model, with the first values of the variables its conditions ask for. */
export function writeModel(block: Block): { xml: string; vars: Record<string, unknown> } {
  const w = new Writer()
  const { xml, first, last } = write(w, block)
  return { xml: definition(`<startEvent id="s"/><endEvent id="e"/>${xml}${flow('s', first)}${flow(last, 'e')}`), vars: w.vars }
}
