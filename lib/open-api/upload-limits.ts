/*
 * Lengths of the upload's fields.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649351.html
 */

/** Characters of a text at most; what is longer must be a file. */
export const MAX_CHARACTERS = 1024;

/** Characters of a file's name at most. */
export const MAX_FILE_NAME = 1024;
