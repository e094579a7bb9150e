/** Our own attributes as the modeller must know them, to keep and to write them (namespace of the process files). */
const text = (name: string, isAttr = true) => ({ name, type: 'String', isAttr })

export const wfModdle = {
  name: 'Changbai workflow',
  prefix: 'wf',
  uri: 'http://changbai.dev/schema/wf',
  xml: { tagAlias: 'lowerCase' },
  types: [
    {
      name: 'WorkTask',
      extends: ['bpmn:FlowNode'],
      properties: [
        'formKey',
        'candidateRoles',
        'assignee',
        'due',
        'dueFrom',
        'notBy',
        'outcomes',
        'returnTo',
        'clause',
        'topic',
        'mode',
        'correlationKey',
        'defaults',
        'armed',
        'businessKey',
      ].map((name) => text(name)),
    },
    { name: 'WorkTimer', extends: ['bpmn:TimerEventDefinition'], properties: [text('calendar')] },
    { name: 'WorkMessage', extends: ['bpmn:Message', 'bpmn:MessageEventDefinition'], properties: [text('correlationKey')] },
    { name: 'WorkLoop', extends: ['bpmn:MultiInstanceLoopCharacteristics'], properties: [text('collection'), text('elementVariable')] },
  ],
}
