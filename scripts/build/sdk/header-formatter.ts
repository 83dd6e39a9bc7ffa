/** Stands in for the signer's encoder of event headers: only messages of event streams have them. */
export class HeaderFormatter {}
