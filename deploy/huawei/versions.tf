# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
terraform {
  required_version = ">= 1.3"
  required_providers {
    huaweicloud = {
      source  = "huaweicloud/huaweicloud"
      version = "~> 1.97"
    }
  }
}

# Credentials come from HW_ACCESS_KEY and HW_SECRET_KEY of whoever applies it.
provider "huaweicloud" {
  region = var.region
}

# Two zones: a server and a database node in each.
data "huaweicloud_availability_zones" "all" {}

locals {
  name     = "${var.service}-${var.stage}"
  zones    = slice(data.huaweicloud_availability_zones.all.names, 0, 2)
  balanced = var.servers > 1
}
