/** Stands in for the SDK's SHA-256 in JavaScript, its fallback for a Node without cryptography. */
export const Sha256Js = undefined;
