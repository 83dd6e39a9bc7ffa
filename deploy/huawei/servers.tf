# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
data "huaweicloud_images_image" "server" {
  name        = var.server_image
  visibility  = "public"
  most_recent = true
}

resource "huaweicloud_compute_instance" "server" {
  count              = var.servers
  name               = "${local.name}-${count.index}"
  image_id           = data.huaweicloud_images_image.server.id
  flavor_id          = var.server_flavor
  key_pair           = var.key_pair
  availability_zone  = local.zones[count.index % length(local.zones)]
  security_group_ids = [huaweicloud_networking_secgroup.servers.id]
  agency_name        = huaweicloud_identity_agency.server.name
  agent_list         = "ces"
  system_disk_type   = "GPSSD"
  system_disk_size   = 40

  network {
    uuid = huaweicloud_vpc_subnet.servers.id
  }

  lifecycle {
    ignore_changes = [image_id] # a newer image does not replace servers
  }
}

resource "huaweicloud_compute_eip_associate" "server" {
  count       = local.balanced ? 0 : 1
  public_ip   = huaweicloud_vpc_eip.public.address
  instance_id = huaweicloud_compute_instance.server[0].id
}

resource "huaweicloud_elb_loadbalancer" "this" {
  count             = local.balanced ? 1 : 0
  name              = local.name
  vpc_id            = huaweicloud_vpc.this.id
  ipv4_subnet_id    = huaweicloud_vpc_subnet.servers.ipv4_subnet_id
  ipv4_eip_id       = huaweicloud_vpc_eip.public.id
  availability_zone = local.zones
}

resource "huaweicloud_elb_listener" "https" {
  count              = local.balanced ? 1 : 0
  name               = local.name
  loadbalancer_id    = huaweicloud_elb_loadbalancer.this[0].id
  protocol           = "HTTPS"
  protocol_port      = 443
  server_certificate = var.certificate_id
  tls_ciphers_policy = "tls-1-2-fs-with-1-3"
  idle_timeout       = 60
  request_timeout    = 30
  response_timeout   = 30

  lifecycle {
    precondition {
      condition     = var.certificate_id != ""
      error_message = "With more than one server the load balancer needs certificate_id."
    }
  }
}

resource "huaweicloud_elb_pool" "servers" {
  count       = local.balanced ? 1 : 0
  name        = local.name
  listener_id = huaweicloud_elb_listener.https[0].id
  protocol    = "HTTP"
  lb_method   = "LEAST_CONNECTIONS"
}

resource "huaweicloud_elb_member" "server" {
  count         = local.balanced ? var.servers : 0
  pool_id       = huaweicloud_elb_pool.servers[0].id
  subnet_id     = huaweicloud_vpc_subnet.servers.ipv4_subnet_id
  address       = huaweicloud_compute_instance.server[count.index].access_ip_v4
  protocol_port = 8000
  weight        = contains(var.drained, count.index) ? 0 : 10
}

resource "huaweicloud_elb_monitor" "health" {
  count            = local.balanced ? 1 : 0
  pool_id          = huaweicloud_elb_pool.servers[0].id
  protocol         = "HTTP"
  port             = 8000
  url_path         = "/healthz"
  interval         = 5
  timeout          = 3
  max_retries      = 2
  max_retries_down = 2
}
