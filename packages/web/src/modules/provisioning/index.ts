export { WorkOrderPage } from './WorkOrderPage.tsx'
export { WorkOrdersOf } from './WorkOrdersOf.tsx'
export { WorkOrdersPage } from './WorkOrdersPage.tsx'
