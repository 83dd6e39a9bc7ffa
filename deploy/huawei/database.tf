# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
# A call that was answered 000000 must outlive the loss of a zone, so the standby is synchronous: a commit waits for it.
resource "huaweicloud_rds_instance" "this" {
  name                = local.name
  flavor              = var.database_flavor
  ha_replication_mode = "sync"
  vpc_id              = huaweicloud_vpc.this.id
  subnet_id           = huaweicloud_vpc_subnet.database.id
  security_group_id   = huaweicloud_networking_secgroup.database.id
  availability_zone   = local.zones

  db {
    type     = "PostgreSQL"
    version  = var.database_version
    password = var.database_password
    port     = 5432
  }

  volume {
    type              = "CLOUDSSD"
    size              = var.database_size
    limit_size        = 10 * var.database_size # grows by itself up to here
    trigger_threshold = 15
  }

  backup_strategy {
    start_time = "18:00-19:00" # UTC: the night of Beijing
    keep_days  = var.backup_days
  }

  parameters {
    name  = "synchronous_commit"
    value = "on"
  }

  lifecycle {
    prevent_destroy = true # it holds everything that was sold
  }
}
