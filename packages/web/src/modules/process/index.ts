export { ActiveTasks } from './ActiveTasks.tsx'
export { InstancePanel } from './InstancePanel.tsx'
export { outcomeWord, roleWord, roleWords } from './names.ts'
export { type Extra, TaskPanel } from './TaskPanel.tsx'
