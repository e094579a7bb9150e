/** Short ways to write definitions in tests. */
export const definition = (body: string, roots = ''): string =>
  `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wf="http://changbai.dev/schema/wf">
  <error id="noCapacity" errorCode="NO_CAPACITY"/><message id="go" name="go" wf:correlationKey="=businessKey"/>${roots}
  <process id="p" name="试验流程">${body}</process></definitions>`

/** `'s>a a>e'` becomes flows `s_a` and `a_e`. */
export const flows = (text: string): string =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split('>'))
    .map(([from, to]) => `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}"/>`)
    .join('')

export const flowIf = (from: string, to: string, condition: string): string =>
  `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}"><conditionExpression>${condition.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</conditionExpression></sequenceFlow>`

export const start = (id = 's') => `<startEvent id="${id}"/>`
export const end = (id = 'e') => `<endEvent id="${id}"/>`
export const user = (id: string, attributes = 'wf:candidateRoles="OPERATION_MANAGER"', inner = '') =>
  `<userTask id="${id}" name="${id}" ${attributes}>${inner}</userTask>`
export const service = (id: string, topic: string, mode: 'tx' | 'outside' = 'tx') =>
  `<serviceTask id="${id}" wf:topic="${topic}" wf:mode="${mode}"/>`
export const xor = (id: string, otherwise?: string) => `<exclusiveGateway id="${id}"${otherwise ? ` default="${otherwise}"` : ''}/>`
export const and = (id: string) => `<parallelGateway id="${id}"/>`
export const errorOn = (host: string, id: string, code = 'noCapacity') =>
  `<boundaryEvent id="${id}" attachedToRef="${host}"><errorEventDefinition errorRef="${code}"/></boundaryEvent>`
export const timerOn = (host: string, id: string, duration: string, interrupting = true, attributes = '') =>
  `<boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${interrupting}" ${attributes}><timerEventDefinition><${
    duration.startsWith('R') ? 'timeCycle' : 'timeDuration'
  }>${duration}</${duration.startsWith('R') ? 'timeCycle' : 'timeDuration'}></timerEventDefinition></boundaryEvent>`
