import { BpmnModdle } from 'bpmn-moddle'
import type { Flaw } from '../program.ts'

/** One element as the parser gives it; attributes of our namespace are in `$attrs` as `wf:name`. */
export interface Xml {
  $type: string
  $attrs?: Record<string, string>
  id?: string
  name?: string
  [member: string]: unknown
}

export const WF = 'http://changbai.dev/schema/wf'
/** Larger files are refused before parsing: no approval process comes near. */
const MAX_LENGTH = 2_000_000

/** Our namespace is made known so that its prefix is always `wf`, whatever the file calls it; attributes are checked by the compiler. */
const moddle = new BpmnModdle({ wf: { name: 'wf', uri: WF, prefix: 'wf', types: [], associations: [] } })

export const isXml = (value: unknown): value is Xml => typeof value === 'object' && value !== null && '$type' in value
export const childrenOf = (element: Xml, member: string): Xml[] => {
  const value = element[member]
  return Array.isArray(value) ? value.filter(isXml) : []
}
export const childOf = (element: Xml, member: string): Xml | null => {
  const value = element[member]
  return isXml(value) ? value : null
}
export const wf = (element: Xml, name: string): string | null => {
  const value = element.$attrs?.[`wf:${name}`]?.trim()
  return value ? value : null
}
export const textOf = (element: Xml | null): string => (typeof element?.body === 'string' ? element.body.trim() : '')
export const typeOf = (element: Xml): string => element.$type.replace(/^\w+:/, '')

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 300)

/** Parses without ever reading anything outside the text. XML that does not parse is a finding like any other. */
export async function readXml(text: string): Promise<{ root: Xml | null; flaws: Flaw[] }> {
  const flaw = (element: string | null, zh: string, en: string): Flaw => ({ element, zh, en, level: 'error' })
  if (text.length > MAX_LENGTH) return { root: null, flaws: [flaw(null, '文件过大', 'the file is too large')] }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
    return { root: null, flaws: [flaw(null, '不接受 DOCTYPE 和实体声明', 'DOCTYPE and entity declarations are not accepted')] }
  }
  try {
    const parsed = await moddle.fromXML(text)
    const strange = parsed.warnings.filter((warning) => !warning.message.includes('unknown attribute <wf:'))
    const flaws = strange.map((warning) => {
      const [, twice] = /duplicate ID <([^>]*)>/.exec(warning.message) ?? []
      if (twice !== undefined) return flaw(twice, '这个 id 用了不止一次', 'this id is used more than once')
      const at = (warning as { element?: Xml }).element
      const message = messageOf(warning.message)
      return flaw(at?.id ?? null, `文件有无法识别的内容：${message}`, `the file holds something that cannot be read: ${message}`)
    })
    return { root: parsed.rootElement as unknown as Xml, flaws }
  } catch (error) {
    const message = messageOf(error)
    return { root: null, flaws: [flaw(null, `不是可读的 XML：${message}`, `not readable XML: ${message}`)] }
  }
}
