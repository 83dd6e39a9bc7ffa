# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
output "public_address" {
  description = "Where the domain's A record points"
  value       = huaweicloud_vpc_eip.public.address
}

output "operators_address" {
  description = "Where operators come by SSH"
  value       = local.balanced ? huaweicloud_vpc_eip.out[0].address : huaweicloud_vpc_eip.public.address
}

output "servers" {
  description = "Addresses of the servers in their network"
  value       = huaweicloud_compute_instance.server[*].access_ip_v4
}

output "database" {
  description = "Address of the database in its network"
  value       = huaweicloud_rds_instance.this.private_ips[0]
}
