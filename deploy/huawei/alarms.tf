# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
# Few alarms from outside, which ring where KooGate cannot speak for itself. What is wrong with orders, changes and usage
# is told by KooGate's own alarms.
resource "huaweicloud_smn_topic" "alarms" {
  name         = local.name
  display_name = "KooGate ${local.name}"
}

resource "huaweicloud_smn_subscription" "alarms" {
  for_each  = toset(var.alarm_addresses)
  topic_urn = huaweicloud_smn_topic.alarms.topic_urn
  protocol  = "email"
  endpoint  = each.value
}

resource "huaweicloud_lts_group" "this" {
  group_name  = local.name
  ttl_in_days = 30
}

resource "huaweicloud_lts_stream" "server" {
  group_id    = huaweicloud_lts_group.this.id
  stream_name = "server"
}

# The collector, ICAgent, has to be installed on each server once: see the runbook.
resource "huaweicloud_lts_host_group" "servers" {
  name     = local.name
  type     = "linux"
  host_ids = huaweicloud_compute_instance.server[*].id
}

resource "huaweicloud_lts_host_access" "server" {
  name           = replace(local.name, "-", "_")
  log_group_id   = huaweicloud_lts_group.this.id
  log_stream_id  = huaweicloud_lts_stream.server.id
  host_group_ids = [huaweicloud_lts_host_group.servers.id]

  access_config {
    paths = ["/var/log/koogate/server.log"]

    single_log_format {
      mode = "system"
    }
  }
}

locals {
  # Lines of the servers' log, counted in ten minutes.
  log_alarms = {
    silent-sweep     = { keywords = "Swept.", condition = "<", number = 1, level = "CRITICAL" }
    keys-unavailable = { keywords = "\"keys unavailable\"", condition = ">=", number = 1, level = "CRITICAL" }
    errors           = { keywords = "\"level\":\"error\"", condition = ">=", number = 10, level = "MAJOR" }
  }
}

resource "huaweicloud_lts_keywords_alarm_rule" "server" {
  for_each                    = local.log_alarms
  name                        = "${local.name}-${each.key}"
  alarm_level                 = each.value.level
  send_notifications          = true
  send_recovery_notifications = true

  keywords_requests {
    keywords               = each.value.keywords
    condition              = each.value.condition
    number                 = each.value.number
    log_group_id           = huaweicloud_lts_group.this.id
    log_stream_id          = huaweicloud_lts_stream.server.id
    search_time_range_unit = "minute"
    search_time_range      = 10
  }

  frequency {
    type            = "FIXED_RATE"
    fixed_rate_unit = "minute"
    fixed_rate      = 5
  }

  notification_rule {
    template_name = "keywords_template"
    user_name     = var.iam_user
    language      = "en-us"

    topics {
      name      = huaweicloud_smn_topic.alarms.name
      topic_urn = huaweicloud_smn_topic.alarms.topic_urn
    }
  }
}

resource "huaweicloud_ces_alarmrule" "database" {
  alarm_name           = "${local.name}-database"
  alarm_action_enabled = true

  metric {
    namespace = "SYS.RDS"
  }

  resources {
    dimensions {
      name  = "postgresql_cluster_id"
      value = huaweicloud_rds_instance.this.id
    }
  }

  condition {
    metric_name         = "rds039_disk_util"
    period              = 300
    filter              = "average"
    comparison_operator = ">="
    value               = 80
    count               = 1
    suppress_duration   = 86400
  }

  condition {
    metric_name         = "rds001_cpu_util"
    period              = 300
    filter              = "average"
    comparison_operator = ">="
    value               = 90
    count               = 3
    suppress_duration   = 3600
  }

  alarm_actions {
    type              = "notification"
    notification_list = [huaweicloud_smn_topic.alarms.topic_urn]
  }
}

resource "huaweicloud_ces_alarmrule" "balancer" {
  count                = local.balanced ? 1 : 0
  alarm_name           = "${local.name}-balancer"
  alarm_action_enabled = true

  metric {
    namespace = "SYS.ELB"
  }

  resources {
    dimensions {
      name  = "lbaas_instance_id"
      value = huaweicloud_elb_loadbalancer.this[0].id
    }
  }

  condition {
    metric_name         = "m9_abnormal_servers"
    period              = 300
    filter              = "max"
    comparison_operator = ">="
    value               = 1
    count               = 2
    suppress_duration   = 3600
  }

  condition {
    metric_name         = "mf_l7_http_5xx"
    period              = 300
    filter              = "max"
    comparison_operator = ">="
    value               = 1
    count               = 1
    suppress_duration   = 3600
  }

  alarm_actions {
    type              = "notification"
    notification_list = [huaweicloud_smn_topic.alarms.topic_urn]
  }
}

resource "huaweicloud_ces_alarmrule" "server" {
  alarm_name           = "${local.name}-server"
  alarm_action_enabled = true

  metric {
    namespace = "SYS.ECS"
  }

  dynamic "resources" {
    for_each = huaweicloud_compute_instance.server[*].id

    content {
      dimensions {
        name  = "instance_id"
        value = resources.value
      }
    }
  }

  condition {
    metric_name         = "cpu_util"
    period              = 300
    filter              = "average"
    comparison_operator = ">="
    value               = 90
    count               = 3
    suppress_duration   = 3600
  }

  alarm_actions {
    type              = "notification"
    notification_list = [huaweicloud_smn_topic.alarms.topic_urn]
  }
}
