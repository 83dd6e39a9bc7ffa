# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
resource "huaweicloud_vpc" "this" {
  name = local.name
  cidr = "10.20.0.0/16"
}

resource "huaweicloud_vpc_subnet" "servers" {
  name       = "${local.name}-servers"
  vpc_id     = huaweicloud_vpc.this.id
  cidr       = "10.20.1.0/24"
  gateway_ip = "10.20.1.1"
}

resource "huaweicloud_vpc_subnet" "database" {
  name       = "${local.name}-database"
  vpc_id     = huaweicloud_vpc.this.id
  cidr       = "10.20.2.0/24"
  gateway_ip = "10.20.2.1"
}

resource "huaweicloud_networking_secgroup" "servers" {
  name                 = "${local.name}-servers"
  delete_default_rules = true
}

resource "huaweicloud_networking_secgroup" "database" {
  name                 = "${local.name}-database"
  delete_default_rules = true
}

# The marketplace's addresses are not fixed, so everybody may knock: the signature decides.
resource "huaweicloud_networking_secgroup_rule" "https" {
  count             = local.balanced ? 0 : 1
  security_group_id = huaweicloud_networking_secgroup.servers.id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  ports             = "80,443" # 80 for the certificate's renewal
  remote_ip_prefix  = "0.0.0.0/0"
}

# The load balancer speaks plain HTTP to the servers, from within this network alone.
resource "huaweicloud_networking_secgroup_rule" "balancer" {
  count             = local.balanced ? 1 : 0
  security_group_id = huaweicloud_networking_secgroup.servers.id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  ports             = "8000"
  remote_ip_prefix  = huaweicloud_vpc_subnet.servers.cidr
}

resource "huaweicloud_networking_secgroup_rule" "ssh" {
  for_each          = toset(var.operator_addresses)
  security_group_id = huaweicloud_networking_secgroup.servers.id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  ports             = "22"
  remote_ip_prefix  = each.value
}

resource "huaweicloud_networking_secgroup_rule" "out" {
  for_each = {
    servers  = huaweicloud_networking_secgroup.servers.id
    database = huaweicloud_networking_secgroup.database.id
  }
  security_group_id = each.value
  direction         = "egress"
  ethertype         = "IPv4"
  remote_ip_prefix  = "0.0.0.0/0"
}

resource "huaweicloud_networking_secgroup_rule" "database" {
  security_group_id = huaweicloud_networking_secgroup.database.id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  ports             = "5432"
  remote_group_id   = huaweicloud_networking_secgroup.servers.id
}

# The one public address: of the load balancer, or of the only server.
resource "huaweicloud_vpc_eip" "public" {
  publicip {
    type = "5_bgp"
  }

  bandwidth {
    name        = local.name
    size        = 10
    share_type  = "PER"
    charge_mode = "traffic"
  }
}

# Servers behind a balancer have no address of their own, and reach the marketplace and your backend through this one.
resource "huaweicloud_vpc_eip" "out" {
  count = local.balanced ? 1 : 0

  publicip {
    type = "5_bgp"
  }

  bandwidth {
    name        = "${local.name}-out"
    size        = 10
    share_type  = "PER"
    charge_mode = "traffic"
  }
}

resource "huaweicloud_nat_gateway" "out" {
  count     = local.balanced ? 1 : 0
  name      = local.name
  spec      = "1"
  vpc_id    = huaweicloud_vpc.this.id
  subnet_id = huaweicloud_vpc_subnet.servers.id
}

resource "huaweicloud_nat_snat_rule" "out" {
  count          = local.balanced ? 1 : 0
  nat_gateway_id = huaweicloud_nat_gateway.out[0].id
  floating_ip_id = huaweicloud_vpc_eip.out[0].id
  subnet_id      = huaweicloud_vpc_subnet.servers.id
}

# Operators come to the first server, and through it to the others and to the database.
resource "huaweicloud_nat_dnat_rule" "ssh" {
  count                 = local.balanced ? 1 : 0
  nat_gateway_id        = huaweicloud_nat_gateway.out[0].id
  floating_ip_id        = huaweicloud_vpc_eip.out[0].id
  private_ip            = huaweicloud_compute_instance.server[0].access_ip_v4
  protocol              = "tcp"
  internal_service_port = 22
  external_service_port = 22
}
