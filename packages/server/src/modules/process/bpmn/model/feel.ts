import { evaluate, parseExpression } from '@bpmn-io/feelin'

/** An expression that cannot be decided: unknown variable, wrong type, no value. `reason` is in both languages. */
export class FeelError extends Error {
  readonly zh: string
  readonly en: string
  constructor(zh: string, en: string) {
    super(en)
    this.name = 'FeelError'
    this.zh = zh
    this.en = en
  }
}

/** Constructs whose cost depends on data are refused in conditions; `not` is bounded and stays. */
const UNBOUNDED = new Set(['ForExpression', 'QuantifiedExpression', 'FunctionInvocation', 'FunctionDefinition'])

export type FeelUse = 'condition' | 'value'

/**
 * The FEEL text behind the leading `=`, or why it is refused.
 * feelin gives neither value nor warning nor error with the `=` left on, so it is demanded and stripped here.
 */
export function readFeel(text: string, use: FeelUse): { feel: string } | { zh: string; en: string } {
  const written = text.trim()
  if (!written.startsWith('=')) return { zh: `表达式须以 = 开头：${written}`, en: `an expression begins with "=": ${written}` }
  const feel = written.slice(1).trim()
  if (feel === '') return { zh: '表达式为空', en: 'the expression is empty' }
  let broken = false
  let unbounded: string | null = null
  const tree = parseExpression(feel, {}, undefined)
  tree.iterate({
    enter(node) {
      if (node.type.isError) broken = true
      if (use === 'condition' && UNBOUNDED.has(node.name)) {
        const part = feel.slice(node.from, node.to)
        if (!/^not\s*\(/.test(part)) unbounded ??= part
      }
    },
  })
  if (broken) return { zh: `表达式写法有误：${feel}`, en: `the expression cannot be read: ${feel}` }
  if (unbounded !== null) {
    return {
      zh: `条件中不能用 for、some、every 和函数：${unbounded}`,
      en: `for, some, every and functions are not allowed in a condition: ${unbounded}`,
    }
  }
  return { feel }
}

/** @throws FeelError on any warning: FEEL itself would take an unknown variable for false */
export function evaluateFeel(feel: string, context: Record<string, unknown>): unknown {
  let result: { value: unknown; warnings: { message: string }[] }
  try {
    result = evaluate(feel, context)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new FeelError(`表达式“${feel}”无法计算：${message}`, `"${feel}" cannot be evaluated: ${message}`)
  }
  const warning = result.warnings[0]
  if (warning) throw new FeelError(`表达式“${feel}”无法计算：${warning.message}`, `"${feel}" cannot be evaluated: ${warning.message}`)
  return result.value
}

/** @throws FeelError when the value is anything but true or false */
export function evaluateCondition(feel: string, context: Record<string, unknown>): boolean {
  const value = evaluateFeel(feel, context)
  if (typeof value !== 'boolean') {
    const shown = JSON.stringify(value) ?? 'null'
    throw new FeelError(`条件“${feel}”须得到真或假，得到 ${shown}`, `condition "${feel}" must give true or false, not ${shown}`)
  }
  return value
}
