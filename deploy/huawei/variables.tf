# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
variable "region" {
  description = "Region of the marketplace's site, such as cn-north-4, ap-southeast-3 or eu-west-101"
  type        = string
}

variable "service" {
  description = "The service of koogate.config.ts"
  type        = string
}

variable "stage" {
  description = "The stage of koogate.config.ts"
  type        = string
}

variable "servers" {
  description = "Servers behind the load balancer; 1 does without a balancer, and is reached directly"
  type        = number
  default     = 2

  validation {
    condition     = var.servers >= 1 && var.servers <= 20
    error_message = "Expected 1 to 20 servers."
  }
}

variable "drained" {
  description = "Numbers of servers that get no new calls, for a rolling upgrade: [0], then [1]"
  type        = set(number)
  default     = []
}

variable "server_flavor" {
  description = "Size of a server; two cores and 4 GB are plenty"
  type        = string
  default     = "s6.large.2"
}

variable "server_image" {
  description = "Image of the servers: a Linux with systemd 250 or newer"
  type        = string
  default     = "Debian 12.0.0 64bit"
}

variable "key_pair" {
  description = "SSH key pair of the operators"
  type        = string
}

variable "operator_addresses" {
  description = "Addresses from which operators come by SSH, in CIDR form"
  type        = list(string)
}

variable "certificate_id" {
  description = "Certificate of the domain at the load balancer; empty with one server, where Caddy has it"
  type        = string
  default     = ""
}

variable "database_version" {
  description = "Version of PostgreSQL, 14 or newer"
  type        = string
  default     = "16"
}

variable "database_flavor" {
  description = "Size of the database; .ha is a primary and a standby"
  type        = string
  default     = "rds.pg.n1.large.2.ha"
}

variable "database_password" {
  description = "Password of the database's root, who creates the table; servers have users of their own"
  type        = string
  sensitive   = true
}

variable "database_size" {
  description = "Gigabytes of the database"
  type        = number
  default     = 40
}

variable "backup_days" {
  description = "Days for which backups are kept"
  type        = number
  default     = 30
}

variable "alarm_addresses" {
  description = "E-mail addresses of those who hear of alarms; each has to confirm"
  type        = list(string)
}

variable "iam_user" {
  description = "Name of the IAM user in whose name LTS sends alarms"
  type        = string
}
