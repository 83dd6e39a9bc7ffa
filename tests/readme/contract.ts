// The snippets stand in lib/seller/, beside the contract; this keeps their imports the same here.
export type * from '../../lib/seller/contract.ts';
